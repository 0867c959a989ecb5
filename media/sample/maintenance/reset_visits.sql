-- Run by hand after the yearly privacy audit.
UPDATE customers SET last_seen_at = NULL;
