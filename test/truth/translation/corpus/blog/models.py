"""Flask-SQLAlchemy."""

from datetime import datetime, timezone

from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Author(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(40), unique=True, nullable=False)
    email = db.Column(db.String(120))
    joined_at = db.Column(db.DateTime, nullable=False)
    posts = db.relationship("BlogPost", backref="author", lazy=True)


tagging = db.Table(
    "tagging",
    db.Column("post_id", db.Integer, db.ForeignKey("blog_post.id"), primary_key=True),
    db.Column("topic_id", db.Integer, db.ForeignKey("topic.id"), primary_key=True),
)


class BlogPost(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(100), nullable=False)
    body = db.Column(db.Text)
    published = db.Column(db.Boolean, nullable=False, default=False)
    views = db.Column(db.Integer, nullable=False, default=0)
    created_at = db.Column(db.DateTime(timezone=True), nullable=False, default=lambda: datetime.now(timezone.utc))
    author_id = db.Column(db.Integer, db.ForeignKey("author.id"), nullable=False)
    topics = db.relationship("Topic", secondary=tagging, backref=db.backref("posts", lazy="dynamic"))


class Topic(db.Model):
    __tablename__ = "topic"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String, nullable=False)


class Comment(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.Text, nullable=False)
    post_id = db.Column(db.Integer, db.ForeignKey("blog_post.id"), nullable=False)
    parent_id = db.Column(db.Integer, db.ForeignKey("comment.id"))
    post = db.relationship("BlogPost", backref=db.backref("comments", order_by="Comment.id", cascade="all"))
    replies = db.relationship("Comment", backref=db.backref("parent", remote_side=[id]))
