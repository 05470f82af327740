from django.apps import AppConfig
from django.db.models.signals import post_migrate

from questions import frozen


class QuestionsConfig(AppConfig):
    name = "questions"

    def ready(self) -> None:
        post_migrate.connect(frozen.install, sender=self, dispatch_uid="questions.frozen")
