"""What the data should be like: expectation suites as data, and what judges by them."""
