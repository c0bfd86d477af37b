"""Where the memory of an import comes from."""

import pyarrow as pa


def keep_memory() -> None:
    """Have Arrow use memory again instead of giving it back and asking for it anew.

    Each time the system fills it with noughts, which took a tenth of an import. It is for the whole
    process, and as well for all else: what nobody uses for a second goes back.
    """
    try:
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    except NotImplementedError:  # not on every system
        return
