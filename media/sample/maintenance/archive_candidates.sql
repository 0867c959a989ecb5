-- Orders that can be moved to the archive, a page at a time.
SELECT id, customer_id, placed_at
FROM orders
WHERE status = 'delivered' AND placed_at < DATE '2025-01-01'
ORDER BY placed_at
LIMIT 100 OFFSET 5000;
