-- Most sold products since a time.
SELECT p.name, sum(oi.quantity) AS sold
FROM order_items AS oi
INNER JOIN orders AS o ON o.id = oi.order_id
INNER JOIN products AS p ON p.id = oi.product_id
WHERE o.placed_at >= :since AND o.status <> 'cancelled'
GROUP BY p.id, p.name
ORDER BY sold DESC, p.name
LIMIT :limit;
