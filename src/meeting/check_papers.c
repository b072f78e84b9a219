// What must be true of the documents.
#include "meeting/document.h"
#include "meeting/section.h"

const char *check_documents(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        const struct document *document = &meeting->documents[i];
        bool speech = document->kind == DOCUMENT_KIND_SPEECH;
        if (meeting_find_document(state, document->id) != document) {
            return "two documents of one id";
        }
        if (speech != (document->participant[0] != '\0') || (document->embargoed && !speech)) {
            return "a speech is nobody's, or what is no speech is somebody's";
        }
        if (document->item[0] != '\0' && meeting_find_item(state, document->item) == NULL) {
            return "a document is of no item";
        }
        if (document->embargoed && document->released_at != 0) {
            return "a document is released and under embargo";
        }
    }
    return NULL;
}
