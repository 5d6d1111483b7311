"""The hub: from segments in the inbox to outboxes and reports."""
