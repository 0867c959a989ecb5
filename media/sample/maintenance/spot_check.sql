-- Fifty payments for the auditor to look at.
SELECT id, order_id, amount
FROM payments
ORDER BY random()
LIMIT 50;
