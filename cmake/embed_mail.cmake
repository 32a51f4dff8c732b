# cmake -DSOURCE=templates -DOUTPUT=mail_text.c -P embed_mail.cmake
#
# Writes the e-mail templates that come with the program (include/db/mail_template.h); as in embed_sql.cmake,
# texts become byte arrays.
set(arrays "")
set(rows "")
foreach(name confirmation invite magic_link recovery email_change reauthentication)
    file(READ ${SOURCE}/${name}.html hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(0x[89a-f].)," "(char)\\1," bytes "${bytes}")
    string(APPEND arrays "static const char ${name}[] = {${bytes}0};\n")
    string(TOUPPER ${name} id)
    string(APPEND rows "        [DB_MAIL_${id}] = ${name},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/embed_mail.cmake from templates. */
#include \"db/mail_template.h\"

${arrays}
const char *db_mail_default(enum db_mail mail)
{
    static const char *const texts[DB_MAILS] = {
${rows}    };

    return texts[mail];
}
")
