-- Fills the shop, the same rows on every run: each value is a hash of its row's number and a salt. Few customers place most orders,
-- few products sell most, and recent months dominate. Times are relative to 2026-06-30 12:00 UTC, the shop's "now".

SET TIME ZONE 'UTC';
SET synchronous_commit = off;
SET session_replication_role = replica;
SET work_mem = '64MB';
SET maintenance_work_mem = '64MB';

-- Evenly spread over [0, 1).
CREATE FUNCTION pg_temp.u(i bigint, salt bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(i, salt) & 1073741823)::double precision / 1073741824;

CREATE FUNCTION pg_temp.pick(options text[], i bigint, salt bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN options[1 + ((hashint8extended(i, salt) & 1073741823) % cardinality(options))];

-- 1 to n, the small ranks often: about 1 in 5 draws falls on the first hundredth. The step scatters popular rows over the table.
CREATE FUNCTION pg_temp.popular(n bigint, i bigint, salt bigint, step bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1 + (floor(n * power(pg_temp.u(i, salt), 2.9))::bigint * step) % n;

INSERT INTO categories (id, parent_id, name, slug)
SELECT
    i,
    CASE WHEN i > 8 THEN 1 + i % 8 END,
    CASE WHEN i <= 8
        THEN (ARRAY['Kitchen', 'Garden', 'Outdoor', 'Books', 'Toys', 'Electronics', 'Clothing', 'Sports'])[i]
        ELSE (ARRAY['Starter', 'Family', 'Premium', 'Travel', 'Seasonal'])[1 + (i - 9) / 8] || ' '
            || (ARRAY['Garden', 'Outdoor', 'Books', 'Toys', 'Electronics', 'Clothing', 'Sports', 'Kitchen'])[1 + (i - 1) % 8]
    END,
    'category-' || i
FROM generate_series(1, 48) AS i;

INSERT INTO tags (id, name)
SELECT
    i,
    (ARRAY['new', 'sale', 'organic', 'handmade', 'recycled', 'limited', 'bestseller', 'refurbished'])[1 + (i - 1) % 8]
    || CASE WHEN i > 8 THEN '-' || (i - 1) / 8 ELSE '' END
FROM generate_series(1, 40) AS i;

INSERT INTO products (id, category_id, sku, name, description, price, stock, active, attributes, created_at)
SELECT
    i,
    1 + floor(48 * power(pg_temp.u(i, 10), 1.6))::bigint,
    'SKU-' || lpad(i::text, 6, '0'),
    pg_temp.pick(ARRAY['Classic', 'Compact', 'Deluxe', 'Eco', 'Foldable', 'Heavy', 'Light', 'Modern', 'Smart', 'Vintage'], i, 11) || ' '
    || pg_temp.pick(ARRAY['lamp', 'kettle', 'tent', 'jacket', 'novel', 'puzzle', 'radio', 'racket', 'bottle', 'chair', 'blanket', 'drill'], i, 12)
    || ' ' || (100 + i % 900),
    repeat(pg_temp.pick(ARRAY[
        'Made to last and easy to clean. ', 'Ships in recycled packaging. ', 'Tested by our own team for a year. ', 'Fits into every bag. '
    ], i, 13), 6 + (i % 9)),
    round((4 + 240 * power(pg_temp.u(i, 14), 3))::numeric, 2),
    floor(400 * power(pg_temp.u(i, 15), 2))::integer,
    pg_temp.u(i, 16) > 0.06,
    jsonb_build_object('colour', pg_temp.pick(ARRAY['red', 'blue', 'green', 'black', 'white'], i, 17), 'weight_g', 50 + i % 4000),
    timestamptz '2026-06-30 12:00+00' - (30 + floor(1400 * pg_temp.u(i, 18))) * interval '1 day'
FROM generate_series(1, 2400) AS i;

INSERT INTO product_tags (product_id, tag_id)
SELECT DISTINCT p, 1 + floor(40 * power(pg_temp.u(p * 8 + k, 20), 2))::bigint
FROM generate_series(1, 2400) AS p, generate_series(1, 4) AS k
ORDER BY 1, 2;

INSERT INTO customers (id, email, full_name, phone, country, segment, marketing_opt_in, created_at, last_seen_at)
SELECT
    i,
    lower(given) || '.' || lower(family) || i || '@' || pg_temp.pick(ARRAY['example.com', 'example.org', 'example.net'], i, 30),
    given || ' ' || family,
    CASE WHEN pg_temp.u(i, 31) < 0.7 THEN '+49 30 ' || lpad(((i * 7919) % 9000000)::text, 7, '0') END,
    pg_temp.pick(ARRAY['DE', 'DE', 'DE', 'DE', 'FR', 'FR', 'GB', 'US', 'NL', 'AT', 'ES', 'IT'], i, 32),
    CASE WHEN pg_temp.u(i, 33) < 0.03 THEN 'vip' WHEN pg_temp.u(i, 33) < 0.15 THEN 'business' ELSE 'regular' END,
    pg_temp.u(i, 34) < 0.35,
    timestamptz '2026-06-30 12:00+00' - 1100 * power(1 - i / 8001.0, 1.4) * interval '1 day',
    CASE WHEN pg_temp.u(i, 35) < 0.8 THEN timestamptz '2026-06-30 12:00+00' - 300 * power(pg_temp.u(i, 36), 3) * interval '1 day' END
FROM generate_series(1, 8000) AS i,
LATERAL (
    SELECT
        pg_temp.pick(ARRAY['Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Greta', 'Hugo', 'Ida', 'Jonas', 'Karla', 'Leo', 'Mia', 'Noah'], i, 37) AS given,
        pg_temp.pick(ARRAY['Becker', 'Costa', 'Dubois', 'Evans', 'Fischer', 'Garcia', 'Hansen', 'Jansen', 'Klein', 'Lopez', 'Meyer', 'Novak'], i, 38) AS family
) AS names;

-- Everybody has one address, some have a second one.
INSERT INTO addresses (id, customer_id, kind, line1, city, postcode, country)
SELECT
    i,
    1 + (i - 1) % 8000,
    CASE WHEN i <= 8000 THEN 'shipping' ELSE 'billing' END,
    pg_temp.pick(ARRAY['Station Road', 'High Street', 'Park Lane', 'Mill Lane', 'Church Street', 'Garden Way'], i, 40) || ' ' || (1 + i % 180),
    pg_temp.pick(ARRAY['Berlin', 'Berlin', 'Hamburg', 'Munich', 'Paris', 'Lyon', 'London', 'Vienna', 'Madrid', 'Rome', 'Utrecht', 'Boston'], i, 41),
    lpad(((i * 104729) % 100000)::text, 5, '0'),
    pg_temp.pick(ARRAY['DE', 'DE', 'DE', 'FR', 'GB', 'US', 'NL', 'AT', 'ES', 'IT'], i, 42)
FROM generate_series(1, 11000) AS i;

INSERT INTO order_items (id, order_id, product_id, quantity, unit_price)
SELECT
    row_number() OVER (ORDER BY drawn.order_id, drawn.line),
    drawn.order_id,
    drawn.product_id,
    drawn.quantity,
    products.price
FROM (
    SELECT
        i AS order_id,
        line,
        pg_temp.popular(2400, i * 16 + line, 60, 1051) AS product_id,
        1 + floor(4 * power(pg_temp.u(i * 16 + line, 61), 4))::integer AS quantity
    FROM generate_series(1, 42000) AS i, LATERAL generate_series(1, 1 + floor(6 * power(pg_temp.u(i, 62), 2))::integer) AS line
) AS drawn
INNER JOIN products ON products.id = drawn.product_id;

-- Numbered in the order of time. What is old is mostly delivered.
INSERT INTO orders (id, customer_id, shipping_address_id, status, channel, total, notes, placed_at, updated_at)
SELECT
    i,
    customer,
    CASE WHEN pg_temp.u(i, 50) < 0.97 THEN customer END,
    CASE
        WHEN age_days < 2 THEN CASE WHEN luck < 0.35 THEN 'pending' WHEN luck < 0.8 THEN 'paid' ELSE 'packed' END
        WHEN age_days < 9 THEN CASE WHEN luck < 0.04 THEN 'pending' WHEN luck < 0.25 THEN 'paid' WHEN luck < 0.8 THEN 'shipped' ELSE 'delivered' END
        ELSE CASE WHEN luck < 0.88 THEN 'delivered' WHEN luck < 0.95 THEN 'cancelled' WHEN luck < 0.985 THEN 'refunded' ELSE 'shipped' END
    END,
    pg_temp.pick(ARRAY['web', 'web', 'web', 'web', 'app', 'app', 'app', 'phone'], i, 51),
    sums.total,
    CASE WHEN pg_temp.u(i, 52) < 0.08 THEN 'Please leave at the door.' END,
    timestamptz '2026-06-30 12:00+00' - age_days * interval '1 day',
    timestamptz '2026-06-30 12:00+00' - age_days * pg_temp.u(i, 53) * interval '1 day'
FROM (
    SELECT
        i,
        pg_temp.popular(8000, i, 54, 4679) AS customer,
        730 * power(1 - i / 42001.0, 1.9) AS age_days,
        pg_temp.u(i, 55) AS luck
    FROM generate_series(1, 42000) AS i
) AS drawn
INNER JOIN (SELECT order_id, sum(quantity * unit_price) AS total FROM order_items GROUP BY order_id) AS sums ON sums.order_id = drawn.i
ORDER BY i;

INSERT INTO payments (id, order_id, provider, status, amount, reference, created_at)
SELECT
    row_number() OVER (ORDER BY id),
    id,
    pg_temp.pick(ARRAY['card', 'card', 'card', 'paypal', 'paypal', 'invoice', 'sepa'], id, 70),
    CASE status WHEN 'pending' THEN 'open' WHEN 'cancelled' THEN 'voided' WHEN 'refunded' THEN 'refunded' ELSE 'captured' END,
    total,
    'pay_' || substr(md5(id::text), 1, 20),
    placed_at + interval '90 seconds'
FROM orders
WHERE status <> 'pending' OR pg_temp.u(id, 71) < 0.5;

INSERT INTO reviews (id, product_id, customer_id, rating, title, body, created_at)
SELECT
    i,
    pg_temp.popular(2400, i, 80, 1051),
    pg_temp.popular(8000, i, 81, 4679),
    5 - floor(5 * power(pg_temp.u(i, 82), 2.5))::smallint,
    pg_temp.pick(ARRAY['Great', 'Good value', 'As described', 'Not for me', 'Broke after a week', 'Would buy again'], i, 83),
    repeat(pg_temp.pick(ARRAY['Works well in daily use. ', 'Delivery was quick. ', 'The colour is different from the picture. '], i, 84), 1 + i::integer % 3),
    timestamptz '2026-06-30 12:00+00' - 700 * power(1 - i / 18001.0, 1.7) * interval '1 day'
FROM generate_series(1::bigint, 18000) AS i;

INSERT INTO inventory_events (id, product_id, kind, quantity, note, occurred_at)
SELECT
    i,
    pg_temp.popular(2400, i, 90, 1051),
    kind,
    CASE kind WHEN 'received' THEN 20 + (i % 80)::integer WHEN 'sold' THEN -1 - (i % 3)::integer ELSE -1 END,
    CASE kind WHEN 'damaged' THEN 'Found by the warehouse' END,
    timestamptz '2026-06-30 12:00+00' - 500 * power(1 - i / 28001.0, 1.5) * interval '1 day'
FROM generate_series(1::bigint, 28000) AS i,
LATERAL (SELECT CASE WHEN pg_temp.u(i, 91) < 0.08 THEN 'received' WHEN pg_temp.u(i, 91) < 0.99 THEN 'sold' ELSE 'damaged' END AS kind) AS kinds;

SELECT setval(pg_get_serial_sequence('categories', 'id'), 48);
SELECT setval(pg_get_serial_sequence('tags', 'id'), 40);
SELECT setval(pg_get_serial_sequence('products', 'id'), 2400);
SELECT setval(pg_get_serial_sequence('customers', 'id'), 8000);
SELECT setval(pg_get_serial_sequence('addresses', 'id'), 11000);
SELECT setval(pg_get_serial_sequence('orders', 'id'), 42000);
SELECT setval(pg_get_serial_sequence('order_items', 'id'), (SELECT max(id) FROM order_items));
SELECT setval(pg_get_serial_sequence('payments', 'id'), (SELECT max(id) FROM payments));
SELECT setval(pg_get_serial_sequence('reviews', 'id'), 18000);
SELECT setval(pg_get_serial_sequence('inventory_events', 'id'), 28000);

RESET ALL;
