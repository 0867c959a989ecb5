/** Languages that editors give to templates; a template of any other name is known by its path alone. */
export const templateLanguages = ["jinja", "jinja-html", "jinja2", "django-html", "html"] as const;

/**
 * Glob patterns (as editors understand them) of the files that may hold templates of a project: the editor tells of these and of no
 * others. Which of them code renders only the analysis knows.
 */
export const templatePatterns = ["**/*.{jinja,jinja2,j2}", "**/*[tT]emplates*/**/*.{html,htm,txt,xml,md}"] as const;
