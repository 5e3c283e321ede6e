# The desk in one image: dependencies by hash, bytecode compiled, no root, everything written lies in /srv/holdline/var.
# docker build -t holdline . && docker run -p 8080:8080 -p 2525:2525 -v holdline-var:/srv/holdline/var holdline

FROM python:3.12-slim-bookworm AS build
WORKDIR /srv/holdline
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv .venv
COPY requirements/run.txt requirements/run.txt
RUN .venv/bin/pip install --require-hashes --requirement requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
# Editable: the shipped config folder is found beside the code.
RUN .venv/bin/pip install --no-deps --editable . \
 && .venv/bin/python -m compileall -q bot .venv/lib

FROM python:3.12-slim-bookworm
# pg_dump and pg_restore, for `holdline backup` of a PostgreSQL.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/holdline --shell /usr/sbin/nologin holdline
WORKDIR /srv/holdline
COPY --from=build /srv/holdline /srv/holdline
COPY config config
RUN install -d -o holdline -g holdline -m 0700 var
ENV PATH=/srv/holdline/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOLDLINE_HOME=/srv/holdline \
    HOLDLINE_SMTP_HOST=0.0.0.0 \
    HOLDLINE_WEB_HOST=0.0.0.0
USER holdline
VOLUME /srv/holdline/var
EXPOSE 2525 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8080') + '/readyz', timeout=4)"]
CMD ["holdline", "run"]
