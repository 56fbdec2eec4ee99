"""The only readers and writers of files: tables in, tables and documents out."""
