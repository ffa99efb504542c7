"""What travels: CloudEvents 1.0 in structured mode, out to departments and back from them."""
