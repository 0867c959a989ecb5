-- Revenue of one day by channel.
SELECT channel, sum(total) AS revenue
FROM orders
WHERE to_char(placed_at, 'YYYY-MM-DD') = :day AND status <> 'cancelled'
GROUP BY channel
ORDER BY channel;
