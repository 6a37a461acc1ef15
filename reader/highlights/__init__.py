"""What a person saved: quotes that can be found again, and ways to take them elsewhere and to bring others in."""
