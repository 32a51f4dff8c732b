/*
 * Checklist item 5 on the screen: a demo, the Management API with one message that is another than
 * ours, and the console with the cursor on that message.
 */
#ifndef E2E_MAIL_CONSOLE_H
#define E2E_MAIL_CONSOLE_H

#include "console.h"

#include "support/mail_api.h"

static inline void start_servers(struct demo *demo, struct mail_api *api)
{
    demo_start(demo, 50, NULL);
    mail_api_start(api, true);
    mail_api_put(api, "mailer_subjects_confirmation", "Confirm Your Signup");
}

static inline void stop_servers(struct demo *demo, struct mail_api *api)
{
    mail_api_stop(api);
    demo_done(demo);
}

/* The cursor on 5.2. */
static inline struct vt *open_message(const char *const *argv, const char *env)
{
    const char *const extra[] = {env, NULL};
    struct vt *vt = vt_start(argv, extra, 30, 120);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "3");
    vt_wait(vt, "3 Check ", VT_SOON_MS);
    vt_wait(vt, "1.1  extension", VT_SOON_MS);
    vt_type(vt, "Gk");
    vt_wait(vt, "5.1", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_type(vt, "gj");
    return vt;
}

#endif
