"""Model.query and db.session, as views use them."""

from sqlalchemy import desc, func

from blog.models import Author, BlogPost, Comment, Topic, db, tagging


# call:
def everything():
    return Author.query.all()


# call: author_id=2
def by_key(author_id):
    return Author.query.get(author_id)


# call: author_id=2
def by_key_or_404(author_id):
    return Author.query.get_or_404(author_id)


# call: author_id=2
def by_key_of_session(author_id):
    return db.session.get(Author, author_id)


# call: username="username-3"
def by_name(username):
    return Author.query.filter_by(username=username).first()


# call: username="username-3"
def by_name_or_404(username):
    return Author.query.filter_by(username=username).first_or_404()


# call:
def published():
    return BlogPost.query.filter_by(published=True).order_by(BlogPost.created_at.desc(), BlogPost.id).all()


# call:
def filtered():
    return BlogPost.query.filter(BlogPost.views > 3, BlogPost.title.contains("a")).all()


# call:
def counted():
    return BlogPost.query.filter(BlogPost.published.is_(True)).count()


# call: page=2
def page(page):
    return BlogPost.query.order_by(BlogPost.id).paginate(page=page, per_page=5, error_out=False).items


# call:
def page_of_select():
    return db.paginate(db.select(BlogPost).order_by(BlogPost.id), page=1, per_page=4).items


# call:
def joined():
    return BlogPost.query.join(Author).filter(Author.email.like("%example%")).all()


# call:
def joined_backref():
    return BlogPost.query.join(BlogPost.author).filter(Author.username != "x").order_by(Author.username, BlogPost.id).all()


# call:
def by_topic():
    return BlogPost.query.filter(BlogPost.topics.any(Topic.name == "Birch_x")).all()


# call:
def joined_topics():
    return BlogPost.query.join(BlogPost.topics).filter(Topic.id.in_([1, 2, 3])).all()


# call:
def through_tagging():
    return db.session.query(Topic.name, func.count(tagging.c.post_id)).join(tagging).group_by(Topic.name).order_by(Topic.name).all()


# call:
def query_of_session():
    return db.session.query(BlogPost.author_id, func.sum(BlogPost.views)).group_by(BlogPost.author_id).order_by(BlogPost.author_id).all()


# call:
def select_of_extension():
    return db.session.execute(db.select(BlogPost).filter_by(published=True).order_by(BlogPost.id)).scalars().all()


# call:
def scalar_of_extension():
    return db.session.scalar(db.select(db.func.count()).select_from(Comment))


# call:
def first_or_404_of_extension():
    return db.first_or_404(db.select(Author).filter_by(username="username-1"))


# call:
def loaded():
    return BlogPost.query.options(db.joinedload(BlogPost.author), db.selectinload(BlogPost.comments)).filter(BlogPost.id < 4).all()


# call:
def lazy_posts():
    return Author.query.filter_by(id=2).one().posts


# call:
def lazy_ordered_comments():
    return db.session.get(BlogPost, 3).comments


# call:
def lazy_parent():
    return db.session.get(Comment, 5).parent


# call:
def dynamic_posts():
    return db.session.get(Topic, 2).posts.filter_by(published=True).all()


# call:
def exists():
    return db.session.query(BlogPost.query.filter_by(title="x").exists()).scalar()


# call:
def sum_of_column():
    return db.session.query(func.coalesce(func.sum(BlogPost.views), 0)).filter(BlogPost.author_id == 1).scalar()


# call:
def top_authors():
    n = func.count(BlogPost.id).label("n")
    return db.session.query(Author, n).outerjoin(BlogPost).group_by(Author.id).order_by(desc("n"), Author.id).limit(3).all()


# call:
def updated():
    BlogPost.query.filter_by(id=1).update({"views": BlogPost.views + 1})


# call:
def deleted():
    Comment.query.filter(Comment.post_id == 2).delete()


# call: published=None
# call: published=True
def conditional(published):
    query = BlogPost.query
    if published is not None:
        query = query.filter_by(published=published)
    return query.order_by(BlogPost.id).all()
