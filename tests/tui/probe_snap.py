import time, pytest
from dataclasses import replace
from test_snapshots import *
pytestmark = [pytest.mark.anyio]
@pytest.mark.parametrize("size", SIZES)
async def test_probe(start, library, empty_library, server, size):
    t=time.time()
    lib = library
    lib.apply(replace(lib.settings, reading=replace(lib.settings.reading, images=False)))
    feed,_ = lib.store.add_feed(server.url("/lost"), title="The Lost Post", site=None, folder=None, now=NOW)
    lib.refresh([feed], force=True)
    all=[]
    async with start(size, on=empty_library) as r:
        all += await shots(r, welcome(r))
    async with start(size) as r:
        all += await shots(r, walk(r, server))
    d = Path("/tmp/snap"); d.mkdir(exist_ok=True)
    for s in all:
        (d/s.kept.name).write_text(s.written({str(server.port): "0"*len(str(server.port))}))
    print("SECONDS", size, time.time()-t)
