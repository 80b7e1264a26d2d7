"""nginx with one page, plain or with TLS."""

from msptool.demo import keys
from msptool.demo.blueprint import Web
from msptool.demo.services.program import Program, Ready, home

_CONFIG = """\
daemon off;
user root;
worker_processes 1;
pid {home}/pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    server_tokens off;
    default_type text/html;
    charset utf-8;
    client_body_temp_path {home}/temporary;
    proxy_temp_path {home}/temporary;
    fastcgi_temp_path {home}/temporary;
    uwsgi_temp_path {home}/temporary;
    scgi_temp_path {home}/temporary;
    server {{
        listen [::]:{port}{ssl} ipv6only=off;
        root {home}/pages;
        {certificate}
    }}
}}
"""
_PAGE = "<!doctype html><html><head><title>{title}</title></head><body>{title}</body></html>\n"


def web(service: Web) -> Program:
    """Return a web server on one port."""
    name = f"nginx-{service.port}"
    folder = home(name)
    files = {"pages/index.html": _PAGE.format(title=service.title)}
    lines = ""
    if service.certificate is not None:
        files["key.pem"] = keys.tls_private(service.certificate)
        files["certificate.pem"] = keys.tls_certificate(service.certificate)
        lines = f"ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem;"
    ssl = " ssl" if service.certificate else ""
    files["config"] = _CONFIG.format(home=folder, port=service.port, ssl=ssl, certificate=lines)
    return Program(
        name=name,
        tool="nginx",
        args=("-e", "stderr", "-p", folder, "-c", f"{folder}/config"),
        files=files,
        folders=("temporary",),
        ready=(Ready("tcp", service.port),),
    )
