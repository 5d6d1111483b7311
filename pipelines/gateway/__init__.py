"""The gateway: existing sites connect as they are, over HTTP (`protocol_v5.md`).

A thin edge: it writes segments to the inbox and serves the outbox; it never opens the warehouse.
"""
