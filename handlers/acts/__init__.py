"""What is done, whoever asks: check, change, record. No sentence, no messenger."""
