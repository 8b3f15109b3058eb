"""Clients of many shoots on one host: each keeps a tunnel up, pings in it ten times a second, and dials again when it is cut off.

Commands, one a line on standard input; each is answered by a line of JSON:
  dial NAME SOURCE HOST PORT HEADER VALUE    begin, or go on from another port (what ended by that is not counted as cut)
  report                                     {NAME: {"port", "up", "pings", "cut", "refused"}}
"""
import asyncio
import json
import sys


class Shoot:
    def __init__(self):
        self.port, self.up, self.pings, self.cut, self.refused = 0, False, 0, 0, 0
        self._dialled, self._writer, self._tasks = 0, None, set()

    def dial(self, *where):
        """What was there before ends at once; by a number and not by a cancelled task, which a timeout can swallow."""
        self._dialled += 1
        self.up = False
        if self._writer is not None:
            self._writer.close()
        task = asyncio.create_task(self._live(self._dialled, *where))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _live(self, dialled, source, host, port, header, value):
        self.port = port
        while dialled == self._dialled:
            writer = None
            try:
                reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port, local_addr=(source, 0)), 2)
                self._writer = writer
                writer.write(f"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n{header}: {value}\r\n\r\n".encode())
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
                if b" 200 " not in head.split(b"\r\n")[0]:
                    raise ConnectionError("refused")
                self.up = dialled == self._dialled
                while dialled == self._dialled:
                    ping = b"%08d" % self.pings
                    writer.write(ping)
                    if await asyncio.wait_for(reader.readexactly(8), 10) != ping:
                        raise ConnectionError("another's answer")
                    self.pings += 1
                    await asyncio.sleep(0.1)
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
                if dialled == self._dialled:
                    self.cut += self.up
                    self.refused += not self.up
                    self.up = False
            finally:
                if writer is not None:
                    writer.close()
            await asyncio.sleep(0.2)


async def main():
    shoots = {}
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        command, *words = line.split(" ")
        if command == "dial":
            name, source, host, port, header, value = words
            shoots.setdefault(name, Shoot()).dial(source, host, int(port), header, value)
            print("{}", flush=True)
        else:
            print(json.dumps({n: {k: v for k, v in vars(s).items() if not k.startswith("_")} for n, s in shoots.items()}), flush=True)


asyncio.run(main())
