"""What is not in order between the two: plans, which change nothing."""
