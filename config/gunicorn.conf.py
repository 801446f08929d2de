"""How gunicorn serves the dashboard: two processes of four threads, each with an engine of its own."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gunicorn.http.wsgi

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# Until gunicorn listens to signals itself, Ctrl-C ends it at once and without a trace of what was being read.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

gunicorn.http.wsgi.SERVER = "web"  # the header names no product

# A host that reads the Procfile says its port in PORT and expects all interfaces; without one only this machine is served.
bind = f"0.0.0.0:{os.environ['PORT']}" if os.environ.get("PORT") else "127.0.0.1:8050"

# More processes gave nothing on two cores; more threads wait for the same database.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
worker_class = "gthread"

# The application is loaded in each worker, not before the fork: database engines do not survive one. The libraries are, so that workers share their memory.
preload_app = False
_LIBRARIES: Final = ("numpy", "pandas", "sqlalchemy", "dash", "flask", "babel", "structlog")
_ARENAS: Final = -8  # M_ARENA_MAX of glibc's malloc.h

# Above the longest statement limit a province is likely to set, so that the card can say what happened.
timeout = 60
graceful_timeout = 10
keepalive = 5

# A link may hold many filters; gunicorn's own limit is 4094.
limit_request_line = 8190

limit_request_fields = 60
limit_request_field_size = 8190

# Workers are renewed now and then, not both at once; one that has grown beyond its bound finishes what it does and is renewed too.
max_requests = 10_000
max_requests_jitter = 5_000  # half an hour apart rather than half a minute: a new worker has nothing kept yet
worker_memory_mib = int(os.environ.get("WORKER_MEMORY_MIB") or 1024)

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - memory, and gunicorn makes the file private

# gunicorn 27 would open a control socket under the home directory.
control_socket_disable = True

accesslog = None
loglevel = "warning"


def on_starting(server: Arbiter) -> None:
    """Tell the workers, through their environment, whether other machines may come and where they count together."""
    local = all(isinstance(address, str) or address[0] in ("127.0.0.1", "::1", "localhost") for address in server.cfg.address)
    os.environ["LISTENS_ON"] = "loopback" if local else "public"
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="dashboard-meters-", dir=worker_tmp_dir)
    _share_libraries()


def _share_libraries() -> None:
    """Before the first worker: one arena of malloc, because every thread's own would keep what its largest page once took; and the libraries."""
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENAS, 1)
    for name in _LIBRARIES:
        import_module(name)
    gc.freeze()  # not walked, and so not copied, by the garbage collector of a worker; DuckDB, which would complain of what is never freed, is not among them


def post_request(worker: Worker, _request: Any, _environ: Any, _response: Any) -> None:  # noqa: ANN401 - gunicorn's own objects
    """Renew a worker that has outgrown its memory."""
    used = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    sys.modules["dashboard.meters"].WORKER_MEMORY.set(used)
    if used > worker_memory_mib * 2**20 and worker.alive:
        worker.log.warning("worker %s has grown to %s MiB and is renewed", worker.pid, used // 2**20)
        worker.alive = False


def worker_int(worker: Worker) -> None:
    """End at once a worker that is told to while it still loads: it holds nothing yet, and half a library cannot be taken down in order."""
    if not worker.booted:
        os._exit(0)


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Take what a worker that ended said about itself out of the meters; what it counted stays."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    for path in Path(folder).glob(f"gauge_live*_{worker.pid}.db") if folder else ():
        path.unlink(missing_ok=True)


def on_exit(_server: Arbiter) -> None:
    """Leave no folder behind."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)


def post_worker_init(worker: Worker) -> None:
    """Say the address once, when the first worker can answer."""
    if worker.age == 1:
        host, port = worker.sockets[0].getsockname()[:2]
        sys.stdout.write(f"Mở http://{host}:{port}\n" if host != "0.0.0.0" else f"Đang phục vụ ở cổng {port}\n")  # noqa: S104 - compared, not bound
        sys.stdout.flush()
