"""A slim plotly.js for the browser, built with Node.js where there is one."""
