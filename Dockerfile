# The command in a container, with all that it needs:
#   docker build -t mtorules .
#   docker run --rm -v "$PWD:/work" mtorules simulate complexes --output course.csv
FROM python:3.11-slim-bookworm AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim-bookworm
# Perl runs BioNetGen; the compiler makes machine code of rates. Debian's versions are as good as any.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends gcc libc6-dev perl \
  && rm -rf /var/lib/apt/lists/*
COPY --from=wheel /wheel /wheel
RUN pip install --no-cache-dir /wheel/*.whl && useradd --create-home --uid 1000 mtorules
USER 1000
ENV MTORULES_CACHE=/home/mtorules/cache MPLCONFIGDIR=/home/mtorules/matplotlib
WORKDIR /work
ENTRYPOINT ["mtorules"]
CMD ["--help"]
