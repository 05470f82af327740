# The wheels are installed in one stage and copied into the next, which has neither pip's cache nor build tools.
FROM python:3.11-slim AS packages
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/app/var
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin cutscore
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY bin/entry bin/entry
COPY config config
COPY accounts accounts
COPY questions questions
COPY exams exams
COPY templates templates
COPY static static
COPY fixtures fixtures
# static files belong to the image; this key signs nothing and stays in this one command
RUN SECRET_KEY=for-collectstatic-only-and-never-used-to-sign-anything-at-all \
    python manage.py collectstatic --noinput --verbosity 0 \
    && chown cutscore var
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz\", timeout=4)"]
ENTRYPOINT ["bin/entry"]
CMD ["serve"]
