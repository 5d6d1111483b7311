"""What an operator does: looks after the quarantine, status, rebuild, verify, pause."""
