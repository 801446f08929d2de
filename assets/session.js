// A session that has ended: the page is opened anew, which leads to the sign-in and back to the same state.
(function () {
  const ask = window.fetch;
  let leaving = false;
  window.fetch = async function (...given) {
    const answer = await ask.apply(this, given);
    if (answer.status === 401 && !leaving && new URL(answer.url, location.href).origin === location.origin) {
      leaving = true;
      location.reload();
    }
    return answer;
  };
})();
