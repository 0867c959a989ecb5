"""A web shop: catalogue, customers, orders, stock and the reports about them."""
