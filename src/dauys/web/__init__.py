"""What people see: pages for voters and staff, the public board, the API."""
