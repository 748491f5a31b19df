"""What the commands share: options, output, failures, interruptions, completion."""
