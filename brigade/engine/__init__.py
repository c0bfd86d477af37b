"""Running queries: which rows a name stands for, and the database that reads them."""
