"""The instrument ready to field: on paper, in Word, as import files of survey tools, with its codebook."""

from jq_models.report.questionnaire.codebook_page import codebook_html
from jq_models.report.questionnaire.entry import write_entry_sheet
from jq_models.report.questionnaire.form import Form, Question, form_of
from jq_models.report.questionnaire.limesurvey import limesurvey_text
from jq_models.report.questionnaire.paper import paper_html
from jq_models.report.questionnaire.qualtrics import qualtrics_text
from jq_models.report.questionnaire.word_form import write_word_form
from jq_models.report.questionnaire.write import write_questionnaire

__all__ = [
    "Form",
    "Question",
    "codebook_html",
    "form_of",
    "limesurvey_text",
    "paper_html",
    "qualtrics_text",
    "write_entry_sheet",
    "write_questionnaire",
    "write_word_form",
]
