// What letters of the secretariat say, in the order of the contract's languages. %s stands for what
// is named, once.
#include "app/letter_words.h"

static const char *const words[LETTER_WORD_COUNT][CONTRACT_LANGUAGES] = {
    [LETTER_LINK_SUBJECT] = {"%s: رابطك الشخصي", "%s：您的个人链接", "%s: your personal link",
                             "%s : votre lien personnel", "%s: ваша личная ссылка",
                             "%s: su enlace personal"},
    [LETTER_LINK_TEXT] = {"هذا رابطك الشخصي إلى الاجتماع. هو لك وحدك: من يملكه يشارك باسمك.",
                          "这是您参加会议的个人链接，仅供您本人使用：持有它的人将以您的身份参会。",
                          "This is your personal link to the meeting. It is for you alone: whoever "
                          "has it takes part as you.",
                          "Voici votre lien personnel vers la réunion. Il n’est que pour vous : "
                          "qui l’a participe en votre nom.",
                          "Это ваша личная ссылка на заседание. Она только для вас: у кого она "
                          "есть, тот участвует от вашего имени.",
                          "Este es su enlace personal a la reunión. Es solo para usted: quien lo "
                          "tenga participa en su nombre."},
    [LETTER_GOOD_UNTIL] = {"صالح حتى %s.", "有效期至 %s。", "It is good until %s.",
                           "Il est valable jusqu’au %s.", "Она действует до %s.",
                           "Es válido hasta el %s."},
    [LETTER_PLANNED] = {"خُطّط للاجتماع كما يلي:", "会议安排如下：",
                        "The meeting is planned as follows:", "La réunion est prévue comme suit :",
                        "Заседание планируется так:", "La reunión está prevista como sigue:"},
    [LETTER_POSTPONED] = {"أُجّل الاجتماع.", "会议已推迟。", "The meeting is postponed.",
                          "La réunion est reportée.", "Заседание отложено.",
                          "La reunión se aplaza."},
    [LETTER_CANCELLED] = {"أُلغي الاجتماع.", "会议已取消。", "The meeting is cancelled.",
                          "La réunion est annulée.", "Заседание отменено.",
                          "La reunión se cancela."},
    [LETTER_REMOTE] = {"عن بُعد", "远程", "remote", "à distance", "дистанционно", "a distancia"},
    [LETTER_HYBRID] = {"في القاعة وعن بُعد", "现场与远程", "in the hall and remote",
                       "en salle et à distance", "в зале и дистанционно", "en sala y a distancia"},
    [LETTER_HALL] = {"في القاعة", "现场", "in the hall", "en salle", "в зале", "en sala"},
};

const char *letter_word(enum letter_word word, enum language language)
{
    return words[word][language - LANGUAGE_AR];
}
