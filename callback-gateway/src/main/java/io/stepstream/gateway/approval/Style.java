package io.stepstream.gateway.approval;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The one style sheet of the approval pages, inline, and the Content-Security-Policy that allows it and nothing else. */
final class Style {

    static final String CSS = """
            :root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d5dae0;
            --accent:#3b5bdb;--act:#3b5bdb;--on-act:#fff;--wash:#eef1fd;--wrong:#b42318}
            body.approve{--accent:#1a7f37;--act:#1a7f37;--wash:#e6f5ea}
            body.deny{--accent:#b42318;--act:#b42318;--wash:#fdecea}
            body.ended{--accent:#57606a;--wash:#eceff2}
            @media (prefers-color-scheme:dark){:root{--ground:#0f1318;--card:#181d24;--ink:#e8ebef;--soft:#a3adb8;--line:#39424d;
            --accent:#8ea4ff;--wash:#20273a;--wrong:#ff8f85}
            body.approve{--accent:#56d27a;--wash:#14291b}body.deny{--accent:#ff8f85;--wash:#331a18}
            body.ended{--accent:#a3adb8;--wash:#232a33}}
            *{box-sizing:border-box}
            body{margin:0;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);
            font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
            header,main{max-width:40rem;margin:0 auto}
            header{display:flex;align-items:center;gap:.6rem;margin-bottom:1rem;color:var(--soft);font-size:.9rem;font-weight:600}
            header span{width:1rem;height:1rem;border-radius:.3rem;background:var(--accent)}
            main{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--accent);border-radius:.75rem;
            padding:1.75rem 2rem 2rem;box-shadow:0 1px 3px rgb(0 0 0/.08)}
            h1{margin:0 0 .75rem;font-size:1.7rem;line-height:1.2;letter-spacing:-.01em}
            h2{margin:0 0 .6rem;font-size:1.05rem}
            p{margin:0 0 1rem}
            section{margin:1.5rem 0}
            .notice{padding:.75rem 1rem;border-left:4px solid var(--accent);border-radius:.25rem;background:var(--wash)}
            dl,ul{margin:0;padding:0}
            ul{padding-left:1.1rem}
            dl>div{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.1rem 1rem;padding:.5rem 0;border-top:1px solid var(--line)}
            dl>div:last-child{border-bottom:1px solid var(--line)}
            dt{color:var(--soft)}
            dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
            dd dl,dd ul{white-space:normal}
            dd dl>div:first-child{border-top:0}dd dl>div:last-child{border-bottom:0}
            dl>div:has(>dd dl){grid-template-columns:1fr}
            dd>dl,dd>ul:has(dl){margin:.2rem 0 .1rem .1rem;padding-left:.9rem;border-left:3px solid var(--line)}
            ul:has(>li>dl){list-style:none}
            li+li:has(>dl){margin-top:.5rem;padding-top:.5rem;border-top:1px dashed var(--line)}
            li>dl>div:first-child{border-top:0;padding-top:0}li>dl>div:last-child{border-bottom:0;padding-bottom:0}
            code{font-size:.9em}
            .none{color:var(--soft);font-style:italic}
            .facts{font-size:.93rem}
            form{margin-top:1.75rem;padding:1.25rem;border-radius:.6rem;background:var(--wash)}
            label{display:block;margin:.9rem 0 .3rem;font-weight:600}
            .hint{color:var(--soft);font-weight:400;font-size:.9rem}
            label+.hint,label+.problem,.hint+.problem{margin:0 0 .3rem}
            .problem{color:var(--wrong);font-weight:600;font-size:.93rem}
            .problems{margin:0 0 1.25rem;padding:1rem 1.25rem;border:2px solid var(--wrong);border-radius:.45rem}
            .problems a{color:inherit;font-weight:600}
            .text{white-space:pre-wrap;overflow-wrap:anywhere}
            [aria-invalid]{border:2px solid var(--wrong)!important}
            input,textarea,select{width:100%;padding:.65rem .75rem;border:1px solid #7d8793;border-radius:.45rem;background:var(--card);
            color:var(--ink);font:inherit}
            textarea{resize:vertical}
            button{width:100%;min-height:3rem;margin-top:1.1rem;padding:.7rem 1rem;border:0;border-radius:.45rem;background:var(--act);
            color:var(--on-act);font:inherit;font-weight:700;cursor:pointer}
            button:hover{filter:brightness(1.1)}
            :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
            figure{margin:0 0 1rem;padding:.75rem 1rem;border-radius:.45rem;background:var(--wash)}
            figcaption{color:var(--soft);font-size:.9rem}
            blockquote{margin:.2rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
            @media (max-width:32rem){body{padding:.75rem .6rem 2rem}main{padding:1.25rem 1.1rem 1.4rem}h1{font-size:1.45rem}
            dl>div{grid-template-columns:7rem 1fr}form{margin-inline:-.35rem;padding:1rem}}
            """;

    /** Allows the style above by its hash, and forms to the page's own origin. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'sha256-" + hash()
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Style() {}

    private static String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(CSS.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
