"""The first start of the containers in `docker-compose.yml`: certificates, passwords, tokens and the database's set-up.

`python -m milepost.installation` may run at every start: what is there already stays, so it also resumes where it was
cut off, and renews the broker's certificate before it expires.
"""
