"""The engine: stores, the pre-check, the pool of query processes, live stores, remote engines."""
