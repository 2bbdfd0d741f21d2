# The command `edi` for a batch host: docker build -t x12-payer . && docker run -v "$PWD:/data" x12-payer validate in.x12
FROM python:3.12-slim-bookworm
COPY . /source
RUN pip install --no-cache-dir --require-hashes -r /source/requirements/run.txt \
    && pip install --no-cache-dir --no-deps /source \
    && rm -rf /source \
    && useradd --create-home --uid 10001 edi \
    && mkdir /data && chown edi:edi /data
USER edi
WORKDIR /data
ENTRYPOINT ["edi"]
