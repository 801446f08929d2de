"""How gunicorn serves the dashboard: two processes of four threads, each with an engine of its own."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

# A host that reads the Procfile says its port in PORT and expects all interfaces; without one only this machine is served.
bind = f"0.0.0.0:{os.environ['PORT']}" if os.environ.get("PORT") else "127.0.0.1:8050"

# More processes gave nothing on two cores; more threads wait for the same database.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
worker_class = "gthread"

# The application is loaded in each worker, not before the fork: database engines do not survive one.
preload_app = False

# Above the longest statement limit a province is likely to set, so that the card can say what happened.
timeout = 60
graceful_timeout = 10
keepalive = 5

# A link may hold many filters; gunicorn's own limit is 4094.
limit_request_line = 8190

# Workers are renewed now and then, not both at once.
max_requests = 5000
max_requests_jitter = 500

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - memory, and gunicorn makes the file private

# gunicorn 27 would open a control socket under the home directory.
control_socket_disable = True

accesslog = None
loglevel = "warning"


def post_worker_init(worker: Worker) -> None:
    """Say the address once, when the first worker can answer."""
    if worker.age == 1:
        host, port = worker.sockets[0].getsockname()[:2]
        sys.stdout.write(f"Mở http://{host}:{port}\n" if host != "0.0.0.0" else f"Đang phục vụ ở cổng {port}\n")  # noqa: S104 - compared, not bound
        sys.stdout.flush()
