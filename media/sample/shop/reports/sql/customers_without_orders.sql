-- Registered, but never bought anything.
SELECT *
FROM customers
WHERE id NOT IN (SELECT customer_id FROM orders)
ORDER BY created_at;
