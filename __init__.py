"""The open X12 processor for a health payer."""
