"""Debian's reverse proxies in front of a server, each in a folder and on a port of its own. Use as `with Nginx(...) as proxy`."""
import os
import socket
import subprocess
import tempfile
import time

from plenary import free_port

NGINX_COMMON = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  log_format told '$status $upstream_status $request';
  access_log {folder}/access.log told;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {http}
}}
"""


class Proxy:
    """A program that runs until the end of the block; `url` is where it listens."""

    def __init__(self, configuration, scheme="http"):
        self.folder = tempfile.TemporaryDirectory(prefix="plenary-proxy-")
        os.chmod(self.folder.name, 0o755)
        self.port = free_port()
        self.scheme = scheme
        self.configuration = configuration
        self.process = None

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        path = os.path.join(self.folder.name, name)
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def __enter__(self):
        self.log = open(os.path.join(self.folder.name, "output.log"), "wb")
        environment = {**os.environ, "HOME": self.folder.name, "XDG_DATA_HOME": self.folder.name, "XDG_CONFIG_HOME": self.folder.name}
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log, env=environment)
        deadline = time.monotonic() + 30
        while not self.listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = self.read("output.log") + self.read("error.log")
                self.__exit__()
                raise RuntimeError(f"{type(self).__name__} did not start:\n{words}")
            time.sleep(0.05)  # polls an outside process's state
        return self

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        self.folder.cleanup()


class Nginx(Proxy):
    """`configuration` is what stands within http { }; {port} and {folder} are put in."""

    def command(self):
        http = self.configuration.replace("{port}", str(self.port)).replace("{folder}", self.folder.name)
        path = self.write("nginx.conf", NGINX_COMMON.format(folder=self.folder.name, http=http))
        return ["nginx", "-e", os.path.join(self.folder.name, "error.log"), "-p", self.folder.name, "-c", path]


class Caddy(Proxy):
    """`configuration` is a whole Caddyfile; {port} and {folder} are put in."""

    def command(self):
        path = self.write("Caddyfile", self.configuration.replace("{port}", str(self.port)).replace("{folder}", self.folder.name))
        return ["caddy", "run", "--config", path, "--adapter", "caddyfile"]


class Haproxy(Proxy):
    """`configuration` is a whole file; {port} and {folder} are put in."""

    def command(self):
        path = self.write("haproxy.cfg", self.configuration.replace("{port}", str(self.port)).replace("{folder}", self.folder.name))
        return ["haproxy", "-db", "-f", path]
