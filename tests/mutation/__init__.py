"""Mutation testing of the rules' SQL: `python -m tests.mutation`; not part of the test run."""
