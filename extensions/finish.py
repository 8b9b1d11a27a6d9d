"""Write what belongs to the whole site, once its pages are written."""


def after_pages(app, write, priority=500):
    """Call write(app) after a build of pages that did not fail: other builders only check links."""

    def finish(app, exception):
        if exception is None and app.builder.format == "html":
            write(app)

    app.connect("build-finished", finish, priority=priority)
