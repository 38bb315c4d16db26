"""Several analyses of one model as one page: what is asked, what is kept, and how it reads."""
