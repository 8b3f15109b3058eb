"""HTTP or HTTPS server for the tests: GET /N gives N bytes, POST takes any number and tells how many came."""
import http.server, ssl, sys, threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        left = int(self.path[1:] or 2)
        self.send_response(200)
        self.send_header("Content-Length", str(left))
        self.end_headers()
        block = b"x" * 65536
        while left > 0:
            self.wfile.write(block[: min(left, len(block))])
            left -= len(block)

    def do_POST(self):
        left = int(self.headers["Content-Length"])
        total = 0
        while total < left:
            total += len(self.rfile.read(min(65536, left - total)))
        body = str(total).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512

    def get_request(self):
        sock, address = super().get_request()
        if len(sys.argv) > 3:
            sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address


if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3] + "/tls.crt", sys.argv[3] + "/tls.key")
server = Server((sys.argv[1], int(sys.argv[2])), Handler)
print("listening", flush=True)
server.serve_forever()
