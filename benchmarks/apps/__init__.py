"""The apps that Brigade is compared with, run by ``streamlit run``."""
