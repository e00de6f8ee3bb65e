# Hearthdesk in a container, built by the same two commands as everywhere:
#   docker build --tag hearthdesk .
#   docker run --publish 3000:3000 --volume hearthdesk:/data hearthdesk
# Other commands work beside it: docker exec CONTAINER hearthdesk backup --out /data/backups/today.tar
FROM node:24-bookworm AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM debian:12-slim
RUN useradd --uid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin hearthdesk \
 && install --directory --owner=hearthdesk --group=hearthdesk --mode=0700 /data
COPY --from=build /source/dist/hearthdesk /usr/local/bin/hearthdesk
USER hearthdesk
WORKDIR /data
VOLUME /data
ENV HEARTHDESK_DATA=/data HEARTHDESK_PORT=3000
EXPOSE 3000
# There is no curl in the slim image, so bash asks.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD bash -c 'exec 3<>/dev/tcp/127.0.0.1/$HEARTHDESK_PORT && printf "GET /health HTTP/1.0\r\n\r\n" >&3 && read -r -t 4 answer <&3 && [[ $answer == *" 200 "* ]]'
ENTRYPOINT ["hearthdesk"]
CMD ["serve"]
