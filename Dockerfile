# One image serves, works and migrates: the command says which. See docker-compose.yml.

FROM python:3.13-slim-trixie AS libraries
COPY deploy/requirements.lock /requirements.lock
RUN python -m venv /opt/netreach \
 && /opt/netreach/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock

FROM python:3.13-slim-trixie AS server
# backup and restore need the programs of the database's own version
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client-17 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/netreach --create-home netreach \
 && mkdir /var/lib/netreach/keys \
 && chown netreach /var/lib/netreach/keys \
 && chmod 0700 /var/lib/netreach/keys
COPY --from=libraries /opt/netreach /opt/netreach
WORKDIR /srv/netreach
COPY api api
COPY database database
COPY federation federation
COPY protocols protocols
COPY rota rota
# the root file system is read-only later, so the byte code is written now
RUN printf '#!/opt/netreach/bin/python\nfrom api.server.main import main\n\nmain()\n' \
    > /usr/local/bin/netreach-server \
 && chmod 0755 /usr/local/bin/netreach-server \
 && /opt/netreach/bin/python -m compileall -q /srv/netreach
ENV PATH=/opt/netreach/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/srv/netreach \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER netreach
ENTRYPOINT ["netreach-server"]
CMD ["serve"]

FROM caddy:2-alpine AS tls
# it listens above 1024, so it needs neither root nor the capability of the original program
RUN cp /usr/bin/caddy /usr/local/bin/caddy-plain \
 && mkdir -p /data /config \
 && chown -R 10002:10002 /data /config
USER 10002:10002
ENTRYPOINT ["caddy-plain"]
CMD ["run", "--config", "/etc/caddy/Caddyfile"]
