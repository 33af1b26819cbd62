"""A PostgreSQL of a driver's own: in a temporary folder, behind a private socket, gone when the driver ends.

`start()` gives the folder of the socket, which is what `host` is in a connection string. Run as a program, it only says
where the server's programs are, or fails.
"""

import atexit
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MISSING = "PostgreSQL, which these tests compare with, is not installed: run `cargo xtask postgres`"
USER = "postgres"
# Nothing here is worth surviving a crash, and nobody but the driver connects.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "20",
    "shared_buffers": "32MB",
    "jit": "off",
    "timezone": "UTC",
}


def programs():
    """The folder that holds `initdb` and `postgres`, of the newest release there is."""
    found = [os.path.dirname(path) for path in [shutil.which("initdb")] if path]
    # Debian keeps them out of the path, so that several releases may stand side by side.
    debian = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    found += [os.path.dirname(path) for path in sorted(debian, key=lambda path: -float(path.split("/")[4]))]
    return found[0] if found else None


def start():
    """Starts the server and waits until it answers. Returns the folder of its socket."""
    folder = programs()
    if folder is None:
        sys.exit(MISSING)
    home = tempfile.mkdtemp(prefix="revproof-pg-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    as_user = []
    if os.getuid() == 0:
        # The server refuses to run as root.
        user = next(entry for name in (USER, "nobody") for entry in pwd.getpwall() if entry.pw_name == name)
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data, log = os.path.join(home, "data"), os.path.join(home, "log")
    run = ["setpriv", *as_user, "--pdeathsig=INT"]
    options = [f"--pgdata={data}", f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([*run, f"{folder}/initdb", *options], cwd=home, check=True, stdout=subprocess.DEVNULL)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with open(log, "wb") as output:
        server = subprocess.Popen(
            [*run, f"{folder}/postgres", "-D", data, "-k", home, *settings],
            cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )
    atexit.register(stop, server)
    for _ in range(600):
        if server.poll() is not None:
            break
        if ready(data):
            return home
        time.sleep(0.05)
    with open(log, encoding="utf-8", errors="replace") as output:
        sys.exit(f"PostgreSQL does not start:\n{output.read()}")


def stop(server):
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()


def ready(data):
    """Whether the server says of itself that it takes connections: the eighth line of its file does."""
    try:
        with open(os.path.join(data, "postmaster.pid"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


if __name__ == "__main__":
    print(programs() or sys.exit(MISSING))
