"""Reading of files with tables: text in many layouts, and Parquet."""
