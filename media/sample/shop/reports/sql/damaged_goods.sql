-- Pieces that were written off, by product.
SELECT p.sku, -sum(e.quantity) AS pieces
FROM inventory_events AS e
INNER JOIN products AS p ON p.id = e.product_id
WHERE e.kind = 'damaged' AND e.note LIKE '%warehouse%'
GROUP BY p.sku
ORDER BY pieces DESC, p.sku;
