-- A short transaction that writes and is sent as a whole, settings behind it.
BEGIN
