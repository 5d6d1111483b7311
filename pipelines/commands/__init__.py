"""The commands, one module a group: what a person types and reads; the work is elsewhere."""
